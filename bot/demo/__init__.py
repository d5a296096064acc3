"""A made-up agency that anybody can watch: its people, its clock, and what happens to whom."""
