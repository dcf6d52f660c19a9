// swift-tools-version: 6.2
import PackageDescription

/// Whether a build is one of `Scripts`, which take half the time: in debug and release builds alike the modules that compute
/// are optimised then, those that only read options and write reports are not, and nothing is written for debuggers. Never by
/// default, since SwiftPM takes no package with unsafe flags as a dependency.
let isOfScripts = Context.environment["CONVCHECK_SCRIPTS"] != nil

func ofScripts(_ flags: String...) -> [SwiftSetting] { isOfScripts ? [.unsafeFlags(flags)] : [] }

/// Settings of every Swift target: warnings are errors, imports say how far they reach.
let strict: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
    ] + ofScripts("-gnone")

/// Settings of the modules that compute, or read or move much.
let computing = strict + ofScripts("-O")

/// Settings of the modules that talk to the user.
let talking = strict + ofScripts("-Onone")

let package = Package(
    name: "convcheck",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "convcheck", targets: ["convcheck"]),
        .library(name: "Convolution", targets: ["Convolution"]),
        .library(name: "ExactArithmetic", targets: ["ExactArithmetic"]),
        .library(name: "Conformance", targets: ["Conformance"]),
        .library(name: "ConformanceTesting", targets: ["ConformanceTesting"]),
        .library(name: "ConformanceCLI", targets: ["ConformanceCLI"]),
        .library(name: "ReferenceEngines", targets: ["ReferenceEngines"]),
        .library(name: "CConvcheckEngine", targets: ["CConvcheckEngine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CHDF5", pkgConfig: "hdf5",
            providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
        .target(name: "HDF5", dependencies: ["CHDF5"], swiftSettings: computing),
        .target(name: "Convolution", swiftSettings: computing),
        .target(name: "ExactArithmetic", dependencies: ["Convolution"], swiftSettings: computing),
        .target(name: "Conformance", dependencies: ["Convolution", "ExactArithmetic"], swiftSettings: computing),
        .target(
            name: "GoldenStore",
            dependencies: [
                "HDF5", "CCrypto", "Convolution", "ExactArithmetic", "Conformance",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: computing),
        .target(
            name: "ReferenceEngines",
            dependencies: [
                "Convolution", "ExactArithmetic", "Conformance",
                .product(name: "ComplexModule", package: "swift-numerics"),
            ],
            swiftSettings: computing),
        .target(name: "FaultyEngines", dependencies: ["Convolution", "Conformance"], swiftSettings: computing),
        .target(
            name: "Diagnosis", dependencies: ["Convolution", "Conformance", "FaultyEngines"], swiftSettings: computing),
        .target(name: "ProblemLists", dependencies: ["Convolution"], swiftSettings: talking),
        .target(
            name: "DrawnCases",
            dependencies: ["Convolution", "ExactArithmetic", "Conformance", "GoldenStore", "ProblemLists"],
            swiftSettings: computing),
        .target(
            name: "Benchmarking", dependencies: ["Convolution", "ExactArithmetic", "Conformance", "DrawnCases"],
            swiftSettings: computing),
        .target(
            name: "Fuzzing", dependencies: ["Convolution", "ExactArithmetic", "Conformance", "DrawnCases"],
            swiftSettings: computing),
        .target(name: "CChildProcess"),
        .target(name: "CConvcheckEngine"),
        .target(
            name: "EngineHost", dependencies: ["CChildProcess", "CConvcheckEngine", "Convolution", "Conformance"],
            swiftSettings: computing),
        .target(name: "RunRecord", dependencies: ["Convolution", "Conformance"], swiftSettings: talking),
        .target(
            name: "Reporting",
            dependencies: [
                "Convolution", "Conformance", "RunRecord", .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: ["head.html", "body.html", "page.css", "page.js", "case.js", "picture.js", "window.js"].map {
                .embedInCode("HTML/Page/\($0)")
            },
            swiftSettings: talking),
        .target(
            name: "ConformanceTesting",
            dependencies: ["Convolution", "Conformance", "GoldenStore", "Diagnosis", "Reporting"], swiftSettings: strict
        ),
        .target(
            name: "ConformanceCLI",
            dependencies: [
                "Convolution", "ExactArithmetic", "Conformance", "GoldenStore", "ReferenceEngines", "FaultyEngines",
                "Diagnosis", "Benchmarking", "DrawnCases", "Fuzzing", "ProblemLists",
                "EngineHost", "RunRecord", "Reporting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: talking),
        .executableTarget(name: "convcheck", dependencies: ["ConformanceCLI"], swiftSettings: strict),
        .executableTarget(
            name: "readme-loops", dependencies: ["Conformance", "ConformanceCLI"], path: "Tests/ReadmeEngines/Loops"),
        .executableTarget(
            name: "readme-planar", dependencies: ["Conformance", "ConformanceCLI"], path: "Tests/ReadmeEngines/Planar"),
        .executableTarget(
            name: "readme-gradients", dependencies: ["Conformance", "ConformanceCLI"],
            path: "Tests/ReadmeEngines/Gradients"),
        .executableTarget(
            name: "crashing-engines", dependencies: ["Conformance", "ConformanceCLI"], path: "Tests/CrashingEngines",
            swiftSettings: strict),
        .executableTarget(
            name: "truth-speed", dependencies: ["Convolution", "ExactArithmetic", "Conformance", "ReferenceEngines"],
            path: "Tests/TruthSpeed", swiftSettings: strict),
        .target(
            name: "_TestSupport", dependencies: ["Convolution", "ExactArithmetic", "Conformance"],
            path: "Tests/_TestSupport", swiftSettings: strict),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "CHDF5", "_TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ConvolutionTests", dependencies: ["Convolution", "_TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ExactArithmeticTests", dependencies: ["Convolution", "ExactArithmetic", "_TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ConformanceTests", dependencies: ["Convolution", "Conformance", "_TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GoldenStoreTests",
            dependencies: [
                "Convolution", "ExactArithmetic", "Conformance", "GoldenStore", "HDF5", "CHDF5", "ReferenceEngines",
                "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReferenceEnginesTests",
            dependencies: [
                "Convolution", "Conformance", "ExactArithmetic", "ReferenceEngines", "GoldenStore", "_TestSupport",
                .product(name: "ComplexModule", package: "swift-numerics"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FaultyEnginesTests",
            dependencies: [
                "Convolution", "Conformance", "ExactArithmetic", "FaultyEngines", "GoldenStore", "ReferenceEngines",
                "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "DiagnosisTests",
            dependencies: [
                "Convolution", "Conformance", "Diagnosis", "FaultyEngines", "GoldenStore", "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(name: "ProblemListsTests", dependencies: ["Convolution", "ProblemLists"], swiftSettings: strict),
        .testTarget(
            name: "DrawnCasesTests",
            dependencies: [
                "Convolution", "Conformance", "DrawnCases", "GoldenStore", "ReferenceEngines", "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BenchmarkingTests",
            dependencies: [
                "Convolution", "Conformance", "ExactArithmetic", "Benchmarking", "ReferenceEngines", "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzingTests",
            dependencies: [
                "Convolution", "Conformance", "DrawnCases", "FaultyEngines", "Fuzzing", "ReferenceEngines",
                "_TestSupport",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "served-engine", dependencies: ["Convolution", "Conformance", "EngineHost", "_TestSupport"],
            path: "Tests/ServedEngine", swiftSettings: strict),
        .testTarget(
            name: "EngineHostTests",
            dependencies: ["Convolution", "Conformance", "EngineHost", "served-engine", "_TestSupport"],
            exclude: [
                "Library/cheating.c", "Library/every_type.c", "Library/memory_faults.c", "Library/misbehaving.c",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RunRecordTests", dependencies: ["RunRecord", "Conformance", "Convolution", "_TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "RunRecord", "Conformance", "Convolution", "_TestSupport"],
            exclude: ["Snapshots"], swiftSettings: strict),
        .testTarget(
            name: "ConformanceTestingTests",
            dependencies: [
                "ConformanceTesting", "Conformance", "Convolution", "FaultyEngines", "ReferenceEngines", "_TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ConformanceCLITests",
            dependencies: [
                "Benchmarking", "Conformance", "Convolution", "ConformanceCLI", "ExactArithmetic", "GoldenStore",
                "ProblemLists", "convcheck", "crashing-engines", "_TestSupport",
            ],
            exclude: ["corrupting_engine.py", "slow_engine.py", "Snapshots"], swiftSettings: strict),
    ]
)
