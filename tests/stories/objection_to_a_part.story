Sara objects to 400 of it: that part rests, the rest goes on without a new fee, and a no is not agreed with.
registered=2025-07-02
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-31 < object faulty part 400
2025-07-31 debtor: receipt 10000180-1, stopped 403.29, answer by 2025-08-21; not stopped 844.93
2025-07-31 creditor: creditor.disputed
2025-07-31 staff: task.dispute
2025-08-05 final_notice by letter, pay by 2025-08-13, 845.75
2025-08-07 creditor: creditor.disputed.reminder
2025-08-14 creditor: decide (decision), 847.23
2025-08-14 < answer no
2025-08-14 debtor: answered rejected, credited 0.00, left 1252.05, pay by 2025-08-22
2025-08-14 debtor: resumed, pay by 2025-08-22
2025-08-20 < keep
2025-08-20 debtor: view kept, stopped 405.48
2025-08-20 creditor: creditor.dispute_kept
2025-08-29 creditor: decide (decision_reminder_1), 849.70
2025-09-12 creditor: decide (decision_reminder_2), 852.00
2025-09-30 < pay 844.93 swish
2025-09-30 debtor: receipt 10000180-2, reminder 60.00, demand 180.00, interest 14.96, principal 589.97, left 10.03
2025-09-30 creditor: creditor.part_paid, gets 529.97 on 2025-10-06
2025-10-21 creditor: decide (decision_reminder_3), 10.09
