While an amount promised for a bank transfer runs, the final notice waits.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-08-04 < quote bank
2025-08-07 < pay 1249.32 bank
2025-08-07 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 9.32, principal 1000.00, waived 0.82, left 0.00
2025-08-07 creditor: creditor.paid, gets 940.00 on 2025-08-11
2025-08-07 closed: paid
