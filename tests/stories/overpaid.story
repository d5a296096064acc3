Too much is never kept: a person pays it back.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-31 < pay 1300.00 bank
2025-07-31 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 8.22, principal 1000.00, over 51.78, left 0.00
2025-07-31 creditor: creditor.paid, gets 940.00 on 2025-08-04
2025-07-31 staff: refund 51.78 by 2025-08-07
2025-07-31 closed: paid
