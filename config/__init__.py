"""What does one installation decide? Settings, deadlines, help numbers, logging and the web server."""
