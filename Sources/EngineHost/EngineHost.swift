// Engines outside the process.
