"""What is printed or kept: written notices, statements and receipts as PDF."""
