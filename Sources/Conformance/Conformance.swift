// Engine protocol, golden case, tolerance, comparison, verdict, runner, events.
