Half now: first fees and interest, then the invoice; later the rest in whole kronor.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-31 < pay 500.00 swish
2025-07-31 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 8.22, principal 251.78, left 748.22
2025-07-31 creditor: creditor.part_paid, gets 191.78 on 2025-08-04
2025-08-04 < pay 749.00 swish
2025-08-04 debtor: receipt 10000180-2, interest 0.78, principal 748.22, waived 0.04, left 0.00
2025-08-04 creditor: creditor.paid, gets 748.22 on 2025-08-11
2025-08-04 closed: paid
