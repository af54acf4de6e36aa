"""Reading: any file of a report to the claims, commitments and problems in it."""
