"""Quality of calls: recordings played for a reason, remarks at a moment, scorecards by a form."""
