Sara objects; nothing happens until it is answered, then she has eight days.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1246.03
2025-07-31 < object faulty
2025-07-31 debtor: receipt 10000180-1, stopped 1248.22, answer by 2025-08-21
2025-07-31 creditor: creditor.disputed
2025-07-31 staff: task.dispute
2025-08-07 creditor: creditor.disputed.reminder
2025-08-14 < answer
2025-08-14 debtor: answered rejected, credited 0.00, left 1252.05, pay by 2025-08-22
2025-08-14 debtor: resumed, pay by 2025-08-22
2025-08-25 final_notice by letter, pay by 2025-09-02, 1255.07
2025-08-30 < quote bank
