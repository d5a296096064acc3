A demand that did not leave on its day is taken back with its fee and decided anew, each banking day.
registered=2025-07-02 reminder=10
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by letter, pay by 2025-07-21, 1062.74
2025-07-22 < outage
2025-07-24 withdrawn: 10000180:demand:1, late; owed 1246.30
2025-07-25 withdrawn: 10000180:demand:2, late; owed 1246.58
2025-07-26 withdrawn: 10000180:demand:3, late; owed 1066.85
2025-07-28 < repair
2025-07-28 demand by letter, pay by 2025-08-07, 1247.40
2025-08-08 final_notice by letter, pay by 2025-08-18, 1250.41
2025-08-12 < quote bank
