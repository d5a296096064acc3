The printer stands still; Sara pays the reminder's sum that day, and the demand never leaves.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-22 < outage
2025-07-23 < pay 1066.00 swish
2025-07-23 debtor: receipt 10000180-1, reminder 60.00, interest 6.03, principal 999.97, rounding 0.03, left 0.00
2025-07-23 creditor: creditor.paid, gets 985.00 on 2025-07-28
2025-07-23 withdrawn: 10000180:demand:1, paid; owed 0.00
2025-07-23 closed: paid
2025-07-25 < repair
