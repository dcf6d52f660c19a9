internal import Dispatch
internal import Foundation

/// The matrix products of a BLAS that this machine has, OpenBLAS or Apple's Accelerate; else plain loops.
///
/// It is looked for when it is first wanted, so that a build needs none. Debian's reference BLAS is not taken: it is
/// slower than the loops.
package struct MatrixProduct: Sendable {
    /// `cblas_sgemm` or `cblas_dgemm`, with the integers of the LP64 interface.
    package typealias Function<Number> =
        @Sendable (
            _ order: Int32, _ transposesLeft: Int32, _ transposesRight: Int32, _ rows: Int32, _ columns: Int32,
            _ inner: Int32, _ alpha: Number, _ left: UnsafePointer<Number>, _ leftStride: Int32,
            _ right: UnsafePointer<Number>, _ rightStride: Int32, _ beta: Number,
            _ product: UnsafeMutablePointer<Number>, _ productStride: Int32
        ) -> Void
    private typealias FloatFunction =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32,
            Float, UnsafeMutablePointer<Float>, Int32
        ) -> Void
    private typealias DoubleFunction =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>,
            Int32, Double, UnsafeMutablePointer<Double>, Int32
        ) -> Void

    let float: Function<Float>?
    let double: Function<Double>?
    /// OpenBLAS has working memory for a fixed number of callers at a time.
    private let turns = DispatchSemaphore(value: ProcessInfo.processInfo.activeProcessorCount)

    /// The one of this machine.
    package static let shared = MatrixProduct(isPlain: false)
    /// Plain loops.
    static let plain = MatrixProduct(isPlain: true)

    /// Whether products are those of a library.
    package var isOfLibrary: Bool { double != nil }

    private init(isPlain: Bool) {
        #if canImport(Darwin)
            let names = ["/System/Library/Frameworks/Accelerate.framework/Accelerate"]
        #else
            let names = ["libopenblas.so.0", "libopenblas.so"]
        #endif
        guard !isPlain, let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
            let single = dlsym(library, "cblas_sgemm"), let double = dlsym(library, "cblas_dgemm")
        else {
            (float, self.double) = (nil, nil)
            return
        }
        // Cases are computed side by side already: one thread each.
        if let symbol = dlsym(library, "openblas_set_num_threads") {
            unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(1)
        }
        let ofFloat = unsafeBitCast(single, to: FloatFunction.self)
        let ofDouble = unsafeBitCast(double, to: DoubleFunction.self)
        let functions: (Function<Float>, Function<Double>) = (
            { ofFloat($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) },
            { ofDouble($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) }
        )
        let isAsExpected = MatrixProduct.isProduct(functions.0, 0x1p20) && MatrixProduct.isProduct(functions.1, 0x1p50)
        (float, self.double) = isAsExpected ? functions : (nil, nil)
    }

    /// Stores the product of two matrices, which lie row by row, or adds it to what is there.
    ///
    /// Where every sum of products, also of a part of them, is a whole number that the type holds, it is exact in every
    /// order and with every fused operation. Else a sum of n products has an error of at most n u / (1 - n u) times the sum
    /// of their magnitudes, with u the type's unit roundoff (N. J. Higham, Accuracy and Stability of Numerical Algorithms,
    /// 2nd ed., 3.1), for each way of adding them one by one or in parts.
    ///
    /// - Parameters:
    ///   - left: `[rows, inner]`, or `[inner, rows]` where `isTransposed`, `leftStride` elements from row to row.
    ///   - right: `[inner, columns]`, `rightStride` elements from row to row.
    ///   - product: `[rows, columns]`, `stride` elements from row to row.
    /// - Precondition: all extents are at least 1.
    package func store<Number: MatrixNumber>(
        _ left: UnsafePointer<Number>, leftStride: Int, isTransposed: Bool = false, times right: UnsafePointer<Number>,
        rightStride: Int, into product: UnsafeMutablePointer<Number>, stride: Int, adds: Bool = false,
        rows: Int, inner: Int, columns: Int
    ) {
        guard let function = Number.function(of: self) else {
            let steps = isTransposed ? (1, leftStride) : (leftStride, 1)
            return Number.storePlain(
                left, steps: steps, right, rightStride, product, stride, adds: adds, rows: rows, inner: inner,
                columns: columns)
        }
        let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
        turns.wait()
        function(
            rowMajor, isTransposed ? transposed : plain, plain, Int32(rows), Int32(columns), Int32(inner), 1, left,
            Int32(leftStride), right, Int32(rightStride), adds ? 1 : 0, product, Int32(stride))
        turns.signal()
    }

    /// Whether a function is what its name says: a product that is known comes out.
    private static func isProduct<Number: MatrixNumber>(_ function: Function<Number>, _ large: Number) -> Bool {
        var product = [Number](repeating: .nan, count: 4)
        function(101, 111, 111, 2, 2, 3, 1, [1, 2, 3, 4, 5, 6], 3, [1, 2, 0, 3, 4, 0, 5, large, 0], 3, 0, &product, 2)
        return product == [22, 3 * large + 10, 49, 6 * large + 28]
    }
}

/// A type that matrices are multiplied in.
package protocol MatrixNumber: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// The library's function for the type, or `nil` where there is none.
    static func function(of product: MatrixProduct) -> MatrixProduct.Function<Self>?

    /// The product by loops; of `left`, `steps` lie between rows and between inner elements.
    static func storePlain(
        _ left: UnsafePointer<Self>, steps: (row: Int, inner: Int), _ right: UnsafePointer<Self>, _ rightStride: Int,
        _ product: UnsafeMutablePointer<Self>, _ stride: Int, adds: Bool, rows: Int, inner: Int, columns: Int)

    /// Copies numbers of float32.
    static func widen(_ numbers: UnsafePointer<Float>, into room: UnsafeMutablePointer<Self>, count: Int)
}

extension Float: MatrixNumber {
    package static func function(of product: MatrixProduct) -> MatrixProduct.Function<Float>? { product.float }

    package static func storePlain(
        _ left: UnsafePointer<Float>, steps: (row: Int, inner: Int), _ right: UnsafePointer<Float>, _ rightStride: Int,
        _ product: UnsafeMutablePointer<Float>, _ stride: Int, adds: Bool, rows: Int, inner: Int, columns: Int
    ) {
        storeByLoops(left, steps, right, rightStride, product, stride, adds, rows, inner, columns)
    }

    package static func widen(_ numbers: UnsafePointer<Float>, into room: UnsafeMutablePointer<Float>, count: Int) {
        room.update(from: numbers, count: count)
    }
}

extension Double: MatrixNumber {
    package static func function(of product: MatrixProduct) -> MatrixProduct.Function<Double>? { product.double }

    package static func storePlain(
        _ left: UnsafePointer<Double>, steps: (row: Int, inner: Int), _ right: UnsafePointer<Double>,
        _ rightStride: Int,
        _ product: UnsafeMutablePointer<Double>, _ stride: Int, adds: Bool, rows: Int, inner: Int, columns: Int
    ) {
        storeByLoops(left, steps, right, rightStride, product, stride, adds, rows, inner, columns)
    }

    package static func widen(_ numbers: UnsafePointer<Float>, into room: UnsafeMutablePointer<Double>, count: Int) {
        for place in 0..<count { room[place] = Double(numbers[place]) }
    }
}

@inline(__always)
private func storeByLoops<Number: BinaryFloatingPoint>(
    _ left: UnsafePointer<Number>, _ steps: (row: Int, inner: Int), _ right: UnsafePointer<Number>, _ rightStride: Int,
    _ product: UnsafeMutablePointer<Number>, _ stride: Int, _ adds: Bool, _ rows: Int, _ inner: Int, _ columns: Int
) {
    if !adds {
        for row in 0..<rows { (product + row * stride).update(repeating: 0, count: columns) }
    }
    // So many rows of `right` at once stay in the cache while every row of `left` passes.
    let block = 128
    for firstInner in Swift.stride(from: 0, to: inner, by: block) {
        for row in 0..<rows {
            let sums = product + row * stride
            for k in firstInner..<min(firstInner + block, inner) {
                let factor = left[row * steps.row + k * steps.inner]
                let weights = right + k * rightStride
                for column in 0..<columns { sums[column] += factor * weights[column] }
            }
        }
    }
}
