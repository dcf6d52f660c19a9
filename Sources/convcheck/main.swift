import ConformanceCLI

ConformanceCLI.main()
