internal import CHDF5

/// The extent of a dataset or attribute.
enum Dataspace {
    /// The sizes of the dimensions of `space`, slowest first; empty for a scalar.
    ///
    /// Must run under the lock.
    static func shape(of space: borrowing Handle, object: @autoclosure () -> String) throws(HDF5Error) -> [Int] {
        let id = space.identifier
        guard H5Sget_simple_extent_type(id) != H5S_NULL else {
            throw HDF5Error("it has no extent at all", function: "H5Sget_simple_extent_type", object: object())
        }
        let rank = try check(
            H5Sget_simple_extent_ndims(id), function: "H5Sget_simple_extent_ndims", object: object())
        guard rank > 0 else { return [] }
        var sizes = [hsize_t](repeating: 0, count: Int(rank))
        try check(
            H5Sget_simple_extent_dims(id, &sizes, nil), function: "H5Sget_simple_extent_dims", object: object())
        var shape: [Int] = []
        shape.reserveCapacity(sizes.count)
        for size in sizes {
            guard let size = Int(exactly: size) else {
                throw HDF5Error(
                    "a dimension of \(size) is too large", function: "H5Sget_simple_extent_dims", object: object())
            }
            shape.append(size)
        }
        return shape
    }

    /// The number of elements of `shape`, or nil where it exceeds 64 bits.
    static func count(of shape: [Int]) -> Int? {
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    /// A new space of `shape`; a scalar one where it is empty.
    static func make(_ shape: [Int], object: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        let sizes = shape.map { hsize_t($0) }
        let id = shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil)
        return try Handle(id, closedBy: H5Sclose, function: "H5Screate_simple", object: object())
    }
}
