internal import Dispatch
internal import Foundation

/// The matrix product of float64 of a BLAS that this machine has: OpenBLAS, or Apple's Accelerate.
///
/// It is looked for when it is first wanted, so that a build needs none. Debian's reference BLAS is not taken: it is
/// slower than the loops that a caller has instead.
struct MatrixProduct: Sendable {
    /// `cblas_dgemm`, with the integers of the LP64 interface.
    private typealias Function =
        @convention(c) (
            _ order: Int32, _ transposesLeft: Int32, _ transposesRight: Int32, _ rows: Int32, _ columns: Int32,
            _ inner: Int32, _ alpha: Double, _ left: UnsafePointer<Double>, _ leftStride: Int32,
            _ right: UnsafePointer<Double>, _ rightStride: Int32, _ beta: Double,
            _ product: UnsafeMutablePointer<Double>, _ productStride: Int32
        ) -> Void

    private let function: Function
    /// OpenBLAS has working memory for a fixed number of callers at a time.
    private let turns = DispatchSemaphore(value: ProcessInfo.processInfo.activeProcessorCount)

    /// The one of this machine, or `nil` where it has none.
    static let shared = MatrixProduct()

    private init?() {
        #if canImport(Darwin)
            let names = ["/System/Library/Frameworks/Accelerate.framework/Accelerate"]
        #else
            let names = ["libopenblas.so.0", "libopenblas.so"]
        #endif
        guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
            let symbol = dlsym(library, "cblas_dgemm")
        else { return nil }
        function = unsafeBitCast(symbol, to: Function.self)
        // Cases are computed side by side already: one thread each.
        if let symbol = dlsym(library, "openblas_set_num_threads") {
            unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(1)
        }
        guard isAsExpected else { return nil }
    }

    /// Stores the product of two matrices, which lie row by row.
    ///
    /// Where every sum of products, also of a part of them, is a whole number of at most 2^53, it is exact in every
    /// order and with every fused operation.
    ///
    /// - Parameters:
    ///   - left: `[rows, inner]`, dense.
    ///   - right: `[inner, columns]`, `rightStride` elements from row to row.
    ///   - product: `[rows, columns]`, dense.
    /// - Precondition: all extents are at least 1.
    func store(
        _ left: UnsafePointer<Double>, times right: UnsafePointer<Double>, rightStride: Int,
        into product: UnsafeMutablePointer<Double>, rows: Int, inner: Int, columns: Int
    ) {
        let (rowMajor, plain): (Int32, Int32) = (101, 111)
        turns.wait()
        function(
            rowMajor, plain, plain, Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(inner), right,
            Int32(rightStride), 0, product, Int32(columns))
        turns.signal()
    }

    /// Whether it is what its name says: a product that is known comes out.
    private var isAsExpected: Bool {
        var product = [Double](repeating: .nan, count: 4)
        store(
            [1, 2, 3, 4, 5, 6], times: [1, 2, 0, 3, 4, 0, 5, 0x1p50, 0], rightStride: 3, into: &product, rows: 2,
            inner: 3, columns: 2)
        return product == [22, 0x3p50 + 10, 49, 0x6p50 + 28]
    }
}
