"""What was found, told: as text for people, as documents for programs, as marks in the files of a build."""
