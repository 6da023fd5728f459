"""The nouns of a gateway as JSON, under Azure's names: for the admin API and for files.  Reference section 13."""
