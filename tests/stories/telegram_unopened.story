Telegram first; what nobody opens goes out as a letter after three banking days, with its own deadline and no second fee.
registered=2025-07-02 reminder=10 telegram=yes
2025-07-02 creditor: registered, reminder 2025-07-11, demand 2025-07-23
2025-07-11 reminder by chat, pay by 2025-07-21, 1062.74
2025-07-12 < open
2025-07-23 demand by chat, pay by 2025-08-04, 1246.03
2025-07-29 demand by letter, pay by 2025-08-08, 1247.67
2025-08-11 final_notice by chat, pay by 2025-08-19, 1251.23
2025-08-15 final_notice by letter, pay by 2025-08-25, 1252.33
2025-08-20 < quote bank
