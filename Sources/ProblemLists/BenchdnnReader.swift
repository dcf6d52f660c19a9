internal import Convolution
internal import Foundation

/// Reads benchdnn's batch files: options that hold for what follows them, problems, other files, comments.
struct BenchdnnReader {
    private static let mostFiles = 10_000
    /// Options that choose memory, implementations or how benchdnn itself runs, and not what is computed.
    private static let ignored: Set<String> = [
        "stag", "wtag", "dtag", "strides", "skip-impl", "impl", "alg", "cpu-isa-hints", "check-ref-impl", "mode", "cfg",
        "attr-scratchpad", "attr-fpmath", "attr-acc-mode", "attr-deterministic", "attr-dropout", "attr-rounding-mode",
        "allow-enum-tags-only", "engine", "memory-kind", "inplace", "v", "fast-ref", "max-ms-per-prb",
        "fix-times-per-prb",
    ]
    private static let types: [String: ElementType] = [
        "f64": .float64, "f32": .float32, "f16": .float16, "bf16": .bfloat16, "s8": .int8, "u8": .uint8, "s32": .int32,
    ]

    /// What holds until it is said otherwise.
    private struct Settings {
        var directions = ["FWD_B"]
        var types = ["f32"]
        var batches = [0]
        var isBiased = false
        var match: String?
        /// What is done to the result afterwards, by option.
        var after: [String: String] = [:]
    }

    private var isTransposed: Bool
    private var settings = Settings()
    private var files = 0
    private var open: [String] = []

    init(isTransposed: Bool) { self.isTransposed = isTransposed }

    mutating func read(_ path: String, _ lines: [String], into list: inout ProblemList) throws(ProblemListError) {
        files += 1
        if files > Self.mostFiles || open.contains(path) {
            throw ProblemListError(path, nil, "the files read each other without an end")
        }
        open.append(path)
        var (text, first) = ("", 1)
        for (place, line) in lines.enumerated() {
            // What is behind a # is a comment, and a line that ends with \ goes on in the next one.
            let said = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            if text.isEmpty { first = place + 1 }
            if said.hasSuffix("\\") {
                text += said.dropLast() + (said.dropLast().hasSuffix(",") ? "" : " ")
                continue
            }
            text += said
            // A list of values goes on behind its commas.
            let words = text.replacing(#/,\s+/#, with: ",").split(whereSeparator: \.isWhitespace).map(String.init)
            text = ""
            for word in words { try read(word, path, first, into: &list) }
        }
        open.removeLast()
    }

    private mutating func read(
        _ word: String, _ file: String, _ line: Int, into list: inout ProblemList
    ) throws(ProblemListError) {
        guard word.hasPrefix("--") else { return try read(problem: word, file, line, into: &list) }
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let (option, value) = (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "")
        let values = value.split(separator: ",").map(String.init)
        switch option {
        case "reset": settings = Settings()
        case "conv": isTransposed = false
        case "deconv": isTransposed = true
        case "dir": settings.directions = values.map { $0.uppercased() }
        case "dt": settings.types = values.map { $0.lowercased() }
        case "bia-dt": settings.isBiased = values.contains { $0 != "undef" }
        case "match": settings.match = value.isEmpty ? nil : value.filter { $0 != "\"" }
        case "mb":
            settings.batches = values.compactMap { Int($0) }
            if settings.batches.count != values.count || values.isEmpty {
                throw ProblemListError(file, line, "'\(word)': expected whole numbers")
            }
        case "batch": try follow(value, from: file, line, into: &list)
        case "attr-post-ops", "attr-scales", "attr-zero-points", "attr-precomputed-reductions":
            settings.after[option] = values.contains { !$0.isEmpty } ? value : nil
        default:
            if !Self.ignored.contains(option) {
                throw ProblemListError(file, line, "'\(word)': there is no such option of benchdnn's convolutions")
            }
        }
        for direction in settings.directions
        where !["FWD_B", "FWD_D", "FWD_I", "BWD_D", "BWD_W", "BWD_WB"].contains(direction) {
            throw ProblemListError(file, line, "'\(word)': there is no direction '\(direction)'")
        }
    }

    private mutating func follow(
        _ name: String, from file: String, _ line: Int, into list: inout ProblemList
    ) throws(ProblemListError) {
        let beside = URL(filePath: file).deletingLastPathComponent().appending(path: name).relativePath
        guard let path = [beside, name].first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw ProblemListError(file, line, "there is no batch file '\(beside)' or '\(name)'")
        }
        try read(path, ProblemList.lines(of: path), into: &list)
    }

    private func read(
        problem text: String, _ file: String, _ line: Int, into list: inout ProblemList
    ) throws(ProblemListError) {
        if let match = settings.match {
            guard let pattern = try? Regex(match) else {
                throw ProblemListError(file, line, "'--match=\(match)' is no regular expression")
            }
            if (try? pattern.wholeMatch(in: text)) == nil { return }
        }
        do throws(InvalidDescriptor) {
            let descriptor = try BenchdnnDescriptor(text)
            for batch in settings.batches {
                for types in settings.types {
                    for direction in settings.directions {
                        list.count += 1
                        let name = "\(line)" + (descriptor.name.isEmpty ? "" : "-\(descriptor.name)")
                        try add(
                            descriptor, batch: batch, types: types, direction, name: name, place: "\(file):\(line)",
                            into: &list)
                    }
                }
            }
        } catch {
            throw ProblemListError(file, line, error.words)
        }
    }

    private func add(
        _ descriptor: BenchdnnDescriptor, batch: Int, types words: String, _ direction: String, name: String,
        place: String, into list: inout ProblemList
    ) throws(InvalidDescriptor) {
        if descriptor.isOf3Dimensions { return list.skip("three dimensions") }
        let parts = words.split(separator: ":").map(String.init)
        let three = parts.count == 1 ? [parts[0], parts[0], parts[0]] : parts
        guard three.count == 3 else { throw InvalidDescriptor(words: "'--dt=\(words)' is neither one type nor three") }
        let known = three.compactMap { Self.types[$0] }
        guard known.count == 3 else { return list.skip("types \(words)") }
        let types = ElementTypes(input: known[0], filter: known[1], output: known[2])
        guard let kind = types.kind else { return list.skip("types \(words)") }
        let isForward = direction.hasPrefix("FWD")
        let hasBias = direction.hasSuffix("B") || settings.isBiased
        if case .floating = kind {
        } else {
            if isTransposed { return list.skip("a transposed convolution in 8 bits") }
            if !isForward { return list.skip("a gradient in 8 bits") }
            if kind == .integer, hasBias { return list.skip("a bias on sums in int32") }
        }
        let (rows, columns) = try descriptor.axes(isTransposed: isTransposed)
        // The convolution of which a transposed one is the gradient has its channels as filters.
        let (channels, filters) = isTransposed ? ("oc", "ic") : ("ic", "oc")
        var problem = Problem(
            input: [
                batch == 0 ? descriptor.batch : batch, rows.input, columns.input, descriptor[channels],
            ],
            filter: [
                rows.kernel, columns.kernel, descriptor[channels] / descriptor.groups, descriptor[filters],
            ],
            strides: Extent(height: rows.stride, width: columns.stride),
            dilations: Extent(height: rows.dilation, width: columns.dilation),
            padding: .explicit(
                Pads(top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)),
            groups: descriptor.groups, types: types)
        switch (isTransposed, direction) {
        case (false, "FWD_B"), (false, "FWD_D"), (false, "FWD_I"): problem.operation = .forward
        case (true, "BWD_D"): problem.operation = .forward
        case (_, "BWD_W"), (_, "BWD_WB"): problem.operation = .filterGradient
        default: problem.operation = .inputGradient
        }
        if hasBias, isForward { problem.biasCount = descriptor["oc"] }
        do {
            let geometry = try problem.geometry()
            guard geometry.outputHeight == rows.output, geometry.outputWidth == columns.output else {
                throw InvalidDescriptor(
                    words: "the output is \(geometry.outputHeight)x\(geometry.outputWidth), and "
                        + "\(rows.output)x\(columns.output) is given")
            }
        } catch let error as InvalidProblem {
            return list.skip("invalid: \(error)")
        } catch let error as InvalidDescriptor {
            throw error
        } catch {
            return
        }
        if !settings.after.isEmpty { list.bare += 1 }
        list.add(problem, name: name, place: place)
        if direction == "BWD_WB", !isTransposed {
            problem.operation = .biasGradient
            list.add(problem, name: name, place: place)
        }
    }
}
