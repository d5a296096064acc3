A company owes: 450 kr compensation, and no reminder or demand fee on top (F4).
registered=2025-07-02 reminder=10 kind=business compensation=yes
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-23 demand by letter, pay by 2025-08-04, 1456.03
2025-08-05 final_notice by letter, pay by 2025-08-13, 1459.59
2025-08-14 creditor: decide (decision), 1462.05
2025-08-14 < quote bank
