The money was booked on the very day on which the demand was printed: its fee stands (F7).
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-24 < pay 1246.03 bank 2025-07-23
2025-07-24 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 6.03, principal 1000.00, left 0.00
2025-07-24 creditor: creditor.paid, gets 940.00 on 2025-07-28
2025-07-24 closed: paid
