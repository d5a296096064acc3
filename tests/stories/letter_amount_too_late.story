The amount in the letter came a day late: what is left is still owed.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-08-05 final_notice by letter, pay by 2025-08-13, 1249.59
2025-08-05 < pay 1246.03 bank
2025-08-05 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 9.59, principal 996.44, left 3.56
2025-08-05 creditor: creditor.part_paid, gets 936.44 on 2025-08-11
2025-08-06 < pay 10.00 bank
2025-08-06 debtor: receipt 10000180-2, principal 3.56, over 6.44, left 0.00
2025-08-06 creditor: creditor.paid, gets 3.56 on 2025-08-11
2025-08-06 staff: refund 6.44 by 2025-08-13
2025-08-06 closed: paid
