The creditor chose no reminder: the demand goes out at registration.
registered=2025-07-02 reminder=no
2025-07-02 creditor: registered, reminder None, demand 2025-07-02
2025-07-02 demand by letter, pay by 2025-07-14, 1180.27
2025-07-15 final_notice by letter, pay by 2025-07-23, 1183.84
2025-07-20 < hold hardship
2025-08-03 staff: task.hold_review
2025-08-30 < release
2025-08-30 debtor: resumed, pay by 2025-09-08
2025-09-09 creditor: decide (decision), 1199.18
2025-09-15 < quote bank
