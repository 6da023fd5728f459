"""Profiles from elsewhere: our exports, Entra Auth Cli's exports and profile files, azureauth's aliases."""
