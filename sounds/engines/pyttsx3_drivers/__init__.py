"""A folder of drivers that pyttsx3 finds once `sounds.engines.pyttsx3_driver.make_selectable` was called."""
