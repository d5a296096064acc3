No fee was agreed: the reminder costs nothing, the demand 180 kr (F2).
registered=2025-07-02 reminder=10 fee=no
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1002.74
2025-07-23 demand by letter, pay by 2025-08-04, 1186.03
2025-07-31 < pay 1188.22 swish
2025-07-31 debtor: receipt 10000180-1, demand 180.00, interest 8.22, principal 1000.00, left 0.00
2025-07-31 creditor: creditor.paid, gets 955.00 on 2025-08-04
2025-07-31 closed: paid
