"""What the screens say of a case, as pure functions from case, day and language to text."""
