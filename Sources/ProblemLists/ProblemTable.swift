internal import Convolution
internal import Foundation

/// Problems as rows of named numbers: a CSV table with a header, or JSON Lines.
enum ProblemTable {
    /// The columns that a row must have, and what the others are without a word.
    private static let required = ["height", "width", "channels", "filters", "kernel_height", "kernel_width"]
    private static let defaults = [
        "name": "", "batch": "1", "stride_height": "1", "stride_width": "1", "dilation_height": "1",
        "dilation_width": "1", "padding": "", "pad_top": "0", "pad_bottom": "0", "pad_left": "0", "pad_right": "0",
        "groups": "1", "bias": "false", "operation": "forward", "type": "float32",
    ]
    static let format = "convcheck-problems"

    /// One problem, by column.
    struct Row {
        let line: Int
        let values: [String: String]

        private func value(_ column: String) -> String { values[column] ?? defaults[column] ?? "" }

        private func number(_ column: String, least: Int, _ file: String) throws(ProblemListError) -> Int {
            guard let number = Int(value(column)), (least...1 << 31).contains(number) else {
                throw ProblemListError(
                    file, line, "'\(column)' is '\(value(column))', expected a whole number from \(least)")
            }
            return number
        }

        func name(file: String) throws(ProblemListError) -> String {
            value("name").isEmpty ? "\(line)" : "\(line)-\(value("name"))"
        }

        func problem(file: String) throws(ProblemListError) -> Problem {
            func size(_ column: String) throws(ProblemListError) -> Int { try number(column, least: 1, file) }
            func pad(_ column: String) throws(ProblemListError) -> Int { try number(column, least: -(1 << 20), file) }
            func word<Choice: RawRepresentable<String> & CaseIterable>(
                _ column: String, _: Choice.Type
            ) throws(ProblemListError) -> Choice {
                guard let choice = Choice(rawValue: value(column)) else {
                    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ProblemListError(file, line, "'\(column)' is '\(value(column))', expected one of \(known)")
                }
                return choice
            }
            let operation = try word("operation", Operation.self)
            let type = try word("type", ElementType.self)
            let types =
                switch type {
                case .int8: ElementTypes(input: .int8, filter: .int8, output: .int32)
                case .uint8: ElementTypes(input: .uint8, filter: .int8, output: .int32)
                default: ElementTypes(type)
                }
            guard types.kind != nil, types.output.format != nil || operation == .forward else {
                throw ProblemListError(file, line, "there is no \(operation.rawValue) of \(types)")
            }
            let (channels, filters, groups) = (try size("channels"), try size("filters"), try size("groups"))
            guard channels % groups == 0, filters % groups == 0 else {
                throw ProblemListError(
                    file, line, "\(groups) groups do not divide \(channels) channels and \(filters) filters")
            }
            let isBiased = ["true", "1"].contains(value("bias"))
            guard isBiased || ["false", "0", ""].contains(value("bias")) else {
                throw ProblemListError(file, line, "'bias' is '\(value("bias"))', expected true or false")
            }
            guard !isBiased || (operation.takesBias && types.output != .int32) else {
                throw ProblemListError(file, line, "there is no bias in \(operation.rawValue) of \(types)")
            }
            let pads = Pads(
                top: try pad("pad_top"), bottom: try pad("pad_bottom"), left: try pad("pad_left"),
                right: try pad("pad_right"))
            let named = value("padding")
            guard let padding = named.isEmpty ? .explicit(pads) : Padding(name: named, pads: pads) else {
                throw ProblemListError(
                    file, line, "'padding' is '\(named)', expected VALID, SAME_UPPER, SAME_LOWER or EXPLICIT")
            }
            let problem = Problem(
                input: [try number("batch", least: 1, file), try size("height"), try size("width"), channels],
                filter: [try size("kernel_height"), try size("kernel_width"), channels / groups, filters],
                biasCount: isBiased ? (operation == .forward ? filters : channels) : nil,
                strides: Extent(height: try size("stride_height"), width: try size("stride_width")),
                dilations: Extent(height: try size("dilation_height"), width: try size("dilation_width")),
                padding: padding, groups: groups, operation: operation, types: types)
            do {
                _ = try problem.geometry()
            } catch {
                throw ProblemListError(file, line, "\(error)")
            }
            return problem
        }
    }

    static func rowsOfCSV(_ lines: [String], file: String) throws(ProblemListError) -> [Row] {
        func cells(_ line: String) -> [String] {
            line.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t\"")) }
        }
        let filled = lines.enumerated().filter { !$0.element.allSatisfy(\.isWhitespace) && !$0.element.hasPrefix("#") }
        guard let header = filled.first else { throw ProblemListError(file, nil, "there is no header") }
        let columns = cells(header.element)
        try check(columns, file: file, line: header.offset + 1)
        var rows: [Row] = []
        for (place, line) in filled.dropFirst() {
            let values = cells(line)
            guard values.count == columns.count else {
                throw ProblemListError(
                    file, place + 1, "has \(values.count) cells, and the header has \(columns.count) columns")
            }
            let pairs = zip(columns, values).filter { !$0.1.isEmpty }
            rows.append(Row(line: place + 1, values: Dictionary(uniqueKeysWithValues: pairs)))
            try check(pairs.map(\.0), file: file, line: place + 1)
        }
        return rows
    }

    static func rowsOfJSON(_ lines: [String], file: String) throws(ProblemListError) -> [Row] {
        var rows: [Row] = []
        var isHeaded = false
        for (place, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw ProblemListError(file, place + 1, "is no JSON object")
            }
            if !isHeaded {
                guard object["format"] as? String == format, object["version"] as? Int == 1 else {
                    throw ProblemListError(
                        file, place + 1, #"the first line is the header {"format": "\#(format)", "version": 1}"#)
                }
                isHeaded = true
                continue
            }
            try check(object.keys.sorted(), file: file, line: place + 1)
            var values: [String: String] = [:]
            for (key, value) in object {
                guard let text = (value as? String) ?? (value as? NSNumber).map({ "\($0)" }) else {
                    throw ProblemListError(file, place + 1, "'\(key)' is neither a number nor a word")
                }
                values[key] = text
            }
            rows.append(Row(line: place + 1, values: values))
        }
        return rows
    }

    private static func check(_ columns: [String], file: String, line: Int) throws(ProblemListError) {
        for column in columns where !required.contains(column) && defaults[column] == nil {
            let known = (required + defaults.keys.sorted()).joined(separator: ", ")
            throw ProblemListError(file, line, "there is no column '\(column)'; there are \(known)")
        }
        if Set(columns).count < columns.count { throw ProblemListError(file, line, "a column is there twice") }
        if let missing = required.first(where: { !columns.contains($0) }) {
            throw ProblemListError(file, line, "'\(missing)' is missing")
        }
    }
}
