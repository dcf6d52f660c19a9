internal import Conformance
internal import Convolution

/// What a message says of a tensor whose bytes follow it.
struct TensorHeader: Codable, Hashable {
    var name: String
    var dtype = Wire.dtype
    /// The extents as they lie in memory, outermost first.
    var shape: [Int]

    init(name: String, shape: [Int]) {
        self.name = name
        self.shape = shape
    }

    init(name: String, _ tensor: Tensor<Float>) {
        self.init(name: name, shape: tensor.shapeInMemory)
    }

    /// How many elements follow, checked before memory is taken for them.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where name, dtype or rank are not as expected, or the shape is no
    ///   tensor's, or has more than `limit` elements.
    func count(expectedName: String, rank: Int, limit: Int) throws(ExchangeFailure) -> Int {
        guard name == expectedName else {
            throw .malformed("received a tensor named '\(name)'; expected '\(expectedName)'")
        }
        guard dtype == Wire.dtype else {
            throw .malformed("received '\(name)' with dtype '\(dtype)'; expected '\(Wire.dtype)'")
        }
        guard shape.count == rank else {
            throw .malformed(
                "received '\(name)' with shape \(shape), which has rank \(shape.count); expected rank \(rank)")
        }
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw .malformed("received '\(name)' with shape \(shape); expected extents of 0 or more")
        }
        if shape.contains(0) { return 0 }
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= limit else {
                throw .malformed("received '\(name)' with shape \(shape); expected at most \(limit) elements")
            }
            count = product
        }
        return count
    }
}
