"""Which pages has the administrator? Registers, channels, deadlines; and a telephone to try it with."""
