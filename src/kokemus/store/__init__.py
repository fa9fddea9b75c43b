"""Every row we keep. Importing this package imports no Django: the capture door relies on it."""
