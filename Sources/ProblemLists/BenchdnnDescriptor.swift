internal import Convolution

/// A convolution as benchdnn writes it: `g1mb2ic16ih7oc16oh7kh5ph2n"name"`, with an optional `_` between entries.
///
/// Groups are 1, the batch 2, strides 1, dilations (the zeros between taps) 0 where nothing is said; a missing output follows
/// from no padding, a missing padding from the output; of height and width the one that is missing is as the other, or, where
/// only a width is given, the problem is of one dimension.
struct BenchdnnDescriptor {
    private(set) var numbers: [String: Int] = [:]
    private(set) var name = ""

    private static let keys = [
        "g", "mb", "ic", "id", "ih", "iw", "oc", "od", "oh", "ow", "kd", "kh", "kw", "sd", "sh", "sw", "pd", "ph", "pw",
        "dd", "dh", "dw",
    ]

    /// Whether it has a third dimension.
    var isOf3Dimensions: Bool { hasAxis("d") }

    /// - Throws: what is wrong with it, in words.
    init(_ text: String) throws(InvalidDescriptor) {
        var rest = Substring(text)
        while let first = rest.first {
            if first == "_" {
                rest.removeFirst()
            } else if first == "n" {
                name = rest.dropFirst().filter { $0 != "\"" }
                break
            } else {
                guard let key = Self.keys.first(where: rest.hasPrefix) else {
                    throw InvalidDescriptor(words: "'\(rest)' in '\(text)' is no entry of a problem")
                }
                let digits = rest.dropFirst(key.count).prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits), number <= 1 << 40 else {
                    throw InvalidDescriptor(words: "'\(key)' in '\(text)' has no number that fits")
                }
                numbers[key] = number
                rest = rest.dropFirst(key.count + digits.count)
            }
        }
        for (key, number) in [("ic", self["ic"]), ("oc", self["oc"]), ("g", groups)] where number < 1 {
            throw InvalidDescriptor(words: "'\(key)' in '\(text)' is missing, or 0")
        }
        for key in ["sh", "sw", "sd"] where numbers[key] == 0 {
            throw InvalidDescriptor(words: "'\(key)' in '\(text)' is 0")
        }
        if !isOf3Dimensions, !hasAxis("h"), !hasAxis("w") {
            throw InvalidDescriptor(words: "'\(text)' has no size")
        }
    }

    subscript(key: String) -> Int { numbers[key] ?? 0 }
    var groups: Int { numbers["g"] ?? 1 }
    var batch: Int { numbers["mb"] ?? 2 }

    private func hasAxis(_ axis: String) -> Bool {
        ["i", "o", "k", "d"].contains { self[$0 + axis] != 0 } || (numbers["s" + axis] ?? 1) != 1
            || self["p" + axis] > 0
    }

    /// One axis of the problem.
    struct Axis {
        var input = 1
        var output = 1
        var kernel = 1
        var stride = 1
        /// 1 is none.
        var dilation = 1
        var before = 0
        /// What lies behind the input, so that the output is as large as it is.
        var after = 0
    }

    /// Rows and columns.
    ///
    /// - Parameter isTransposed: whether it is a transposed convolution, whose output the convolution has as its input.
    func axes(isTransposed: Bool) throws(InvalidDescriptor) -> (rows: Axis, columns: Axis) {
        let (hasRows, hasColumns) = (hasAxis("h"), hasAxis("w"))
        let columns = try axis(hasColumns ? "w" : "h", isTransposed)
        return (hasRows ? try axis("h", isTransposed) : Axis(), columns)
    }

    private func axis(_ letter: String, _ isTransposed: Bool) throws(InvalidDescriptor) -> Axis {
        var axis = Axis()
        axis.kernel = self["k" + letter]
        axis.stride = numbers["s" + letter] ?? 1
        axis.dilation = self["d" + letter] + 1
        let given = (input: self["i" + letter], output: self["o" + letter])
        guard given.input > 0, axis.kernel > 0 else {
            throw InvalidDescriptor(words: "'\(given.input > 0 ? "k" : "i")\(letter)' is missing, or 0")
        }
        let extent = (axis.kernel - 1) * axis.dilation + 1
        axis.before = numbers["p" + letter] ?? 0
        if isTransposed {
            axis.output = given.input
            let whole = (axis.output - 1) * axis.stride + extent
            axis.input = given.output > 0 ? given.output : whole - 2 * axis.before
            if given.output > 0, numbers["p" + letter] == nil { axis.before = (whole - axis.input) / 2 }
        } else {
            axis.input = given.input
            let room = axis.input + 2 * axis.before - extent
            axis.output = given.output > 0 ? given.output : room < 0 ? 0 : room / axis.stride + 1
            if given.output > 0, numbers["p" + letter] == nil {
                axis.before = ((axis.output - 1) * axis.stride - axis.input + extent) / 2
            }
        }
        guard axis.output > 0, axis.input > 0 else {
            throw InvalidDescriptor(words: "'o\(letter)', which is not given, comes out below 1")
        }
        axis.after = (axis.output - 1) * axis.stride + extent - axis.input - axis.before
        // Rows that no window reaches are no crop.
        if axis.after < 0, -axis.after < axis.stride { axis.after = 0 }
        return axis
    }
}

/// What is wrong with a problem as benchdnn writes it.
struct InvalidDescriptor: Error {
    let words: String
}
