Nobody answers: reminder, demand, final notice, and the creditor is asked four times.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-08-05 final_notice by letter, pay by 2025-08-13, 1249.59
2025-08-14 creditor: decide (decision), 1252.05
2025-08-21 creditor: decide (decision_reminder_1), 1253.97
2025-09-04 creditor: decide (decision_reminder_2), 1257.81
2025-10-13 creditor: decide (decision_reminder_3), 1268.49
2025-10-20 < open
