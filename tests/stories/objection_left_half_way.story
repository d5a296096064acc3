Sara chooses a ground and leaves: it is filed as it stands; the creditor takes off 250, and she pays the rest.
registered=2025-07-02
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-31 < begin
2025-08-01 < leave faulty
2025-08-01 debtor: receipt 10000180-1, stopped 1248.49, answer by 2025-08-22
2025-08-01 creditor: creditor.disputed
2025-08-01 staff: task.dispute
2025-08-06 < answer partly 250
2025-08-06 debtor: answered partly, credited 250.00, left 997.40, pay by 2025-08-14
2025-08-06 debtor: resumed, pay by 2025-08-14
2025-08-11 < pay 993 swish
2025-08-11 debtor: receipt 10000180-2, reminder 60.00, demand 180.00, interest 8.42, principal 744.58, left 5.42
2025-08-11 creditor: creditor.part_paid, gets 684.58 on 2025-08-18
