"""What `-p NAME` means: profiles in one documented file, their secrets in the vault."""
