The amount in the letter is enough until its deadline, and is 2 kr short the day after.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-08-04 < pay 1246.03 bank
2025-08-04 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 6.03, principal 1000.00, waived 3.29, left 0.00
2025-08-04 creditor: creditor.paid, gets 940.00 on 2025-08-11
2025-08-04 closed: paid
2025-08-06 < pay 1.00 bank
2025-08-06 debtor: receipt 10000180-2, , over 1.00, left 0.00
2025-08-06 staff: refund 1.00 by 2025-08-13
