"""The referral directory (R10): who answers what the centre may not, and whether they answer now."""
