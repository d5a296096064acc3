Sara objects after she has paid a part; the creditor gives her right, and what she paid is owed back to her.
registered=2025-07-02
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-28 < pay 500 swish
2025-07-28 debtor: receipt 10000180-1, reminder 60.00, demand 180.00, interest 7.40, principal 252.60, left 747.40
2025-07-28 creditor: creditor.part_paid, gets 192.60 on 2025-08-04
2025-07-31 < begin
2025-07-31 < undo
2025-07-31 < object not_received
2025-07-31 debtor: receipt 10000180-2, stopped 748.01, answer by 2025-08-21
2025-07-31 creditor: creditor.disputed
2025-07-31 staff: task.dispute
2025-08-07 creditor: creditor.disputed.reminder
2025-08-08 < answer yes
2025-08-08 debtor: answered upheld, credited 1000.00, left 0.00
2025-08-08 staff: refund 500.00 by 2025-08-15
2025-08-08 closed: credited
