"""Scripts that make the weights shipped with `kokemus.comments` from open data, bit for bit."""
