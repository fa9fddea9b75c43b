"""What reading comments is measured against."""
