"""Agreed questions and answers (取り交わしたQ&A, R9): versions, finding one, which was given on a call."""
