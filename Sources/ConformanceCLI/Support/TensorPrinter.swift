internal import Conformance
internal import Convolution

/// Prints a tensor as matrices.
struct TensorPrinter {
    /// Which axes make the rows and columns of a matrix, and which count the matrices.
    struct Slicing {
        let outer: (name: String, axis: Int)
        let inner: (name: String, axis: Int)
        let row: Int
        let column: Int

        init(_ role: Role) {
            switch role {
            case .input: self.init(outer: ("batch", 0), inner: ("channel", 3), row: 1, column: 2)
            case .filter: self.init(outer: ("filter", 3), inner: ("channel", 2), row: 0, column: 1)
            case .output, .bias: self.init(outer: ("batch", 0), inner: ("filter", 3), row: 1, column: 2)
            }
        }

        private init(outer: (name: String, axis: Int), inner: (name: String, axis: Int), row: Int, column: Int) {
            (self.outer, self.inner, self.row, self.column) = (outer, inner, row, column)
        }
    }

    /// After so many numbers no further matrix is begun.
    let limit: Int

    /// The lines for a role's tensor, whatever it is called.
    func lines(_ name: String, _ tensor: AnyTensor, _ role: Role) -> [String] {
        let (shape, slicing, type) = (tensor.shape, Slicing(role), tensor.type)
        let sizes = role == .bias ? [shape[3]] : shape.list
        var lines = ["\(name) [\(sizes.map(String.init).joined(separator: ", "))]"]
        if type != .float32, type != .float64 || name != "expected" { lines[0] += " \(type.rawValue)" }
        let tensor = tensor.doubles
        if role == .bias { return lines + ["    " + tensor.elements.map(\.exactDescription).joined(separator: " ")] }
        let matrices = shape[slicing.outer.axis] * shape[slicing.inner.axis]
        for matrix in 0..<matrices {
            let size = shape[slicing.row] * shape[slicing.column]
            if matrix > 0, matrix * size >= limit {
                lines.append("  ... \(matrices - matrix) more of \(matrices) matrices; --all shows them")
                break
            }
            let (i, j) = matrix.quotientAndRemainder(dividingBy: shape[slicing.inner.axis])
            lines.append("  \(slicing.outer.name) \(i), \(slicing.inner.name) \(j)")
            lines += rows(tensor, slicing, outer: i, inner: j)
        }
        return lines
    }

    private func rows(_ tensor: Tensor<Double>, _ slicing: Slicing, outer: Int, inner: Int) -> [String] {
        var index: Shape = [0, 0, 0, 0]
        index[slicing.outer.axis] = outer
        index[slicing.inner.axis] = inner
        let rows = (0..<tensor.shape[slicing.row]).map { row in
            (0..<tensor.shape[slicing.column]).map { column in
                index[slicing.row] = row
                index[slicing.column] = column
                return tensor[index[0], index[1], index[2], index[3]].exactDescription
            }
        }
        let width = rows.joined().map(\.count).max() ?? 0
        return rows.map { "    " + $0.map { $0.leftPadded(to: width) }.joined(separator: " ") }
    }
}

extension String {
    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    func rightPadded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
