"""What each source says of a span, brought to one form, and the venues' own hours to hold it against."""
