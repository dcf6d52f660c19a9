internal import Conformance
public import Convolution
internal import Dispatch
internal import ExactArithmetic
internal import Foundation

/// How fast this machine computes at best, and how fast an engine can be said to be at most.
public struct MachinePeak: Hashable, Sendable {
    /// Where the figure is from.
    public enum Source: String, Hashable, Sendable {
        /// Matrix products of float32 by a BLAS, one on each core at the same time.
        case matrixProduct = "matrix product"
        /// Plain loops, where there is no such library: far below what the machine can do.
        case loops = "plain loops"
        /// Said by the user: of a device, for one.
        case given
    }

    /// Billions of floating-point operations a second in float32; a product and its addition are two.
    public let gigaflops: Double
    public let source: Source
    public let cores: Int

    public init(gigaflops: Double, source: Source = .given, cores: Int = 1) {
        self.gigaflops = gigaflops
        self.source = source
        self.cores = cores
    }

    /// Measures it, in about half a second: the best of several turns, on all cores at once.
    public static func measured() -> MachinePeak {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let size = 384
        let numbers = [Float](repeating: 0.5, count: size * size)
        let products = MatrixProduct.shared.isOfLibrary ? 16 : 1
        let operations = 2 * Double(size * size * size) * Double(products * cores)
        var best = 0.0
        let end = ContinuousClock.now + .milliseconds(500)
        while best == 0 || .now < end {
            let start = ContinuousClock.now
            DispatchQueue.concurrentPerform(iterations: cores) { _ in
                var product = numbers
                for _ in 0..<products {
                    MatrixProduct.shared.store(
                        numbers, leftStride: size, times: numbers, rightStride: size, into: &product, stride: size,
                        rows: size, inner: size, columns: size)
                }
            }
            best = max(best, operations / ((ContinuousClock.now - start) / .nanoseconds(1)))
        }
        let source = MatrixProduct.shared.isOfLibrary ? Source.matrixProduct : .loops
        return MachinePeak(gigaflops: best, source: source, cores: cores)
    }

    /// Above this, in billions of operations a second that the definition would take, a figure is not believed.
    ///
    /// A matrix product reaches two thirds of what a processor can do at the least, hence 3/2; loops that a compiler has made for
    /// the oldest processors reach 1/24. Shorter types may be as much faster as the widest instructions that there are: 16 bits
    /// 32 times and 8 bits 64 times (tiles of matrices), float64 as fast as float32 at most. A transform saves multiplications:
    /// Winograd's of m x m outputs (m r / (m + r - 1))^2 in a kernel of r x r, others at most all but one of a kernel's taps.
    public func limit(for problem: Problem, saving: TransformSaving) -> Double {
        let ofSource =
            switch source {
            case .matrixProduct: 1.5
            case .loops: 24.0
            case .given: 1.0
            }
        let ofType =
            switch problem.types.input.size {
            case _ where source == .given: 1.0
            case 2: 32.0
            case 1: 64.0
            default: 1.0
            }
        return gigaflops * ofSource * ofType * saving.factor(for: problem)
    }
}

/// How many times fewer multiplications an algorithm takes than the definition.
public enum TransformSaving: Hashable, Sendable {
    case none
    case winograd(tile: Extent)
    case transform

    /// What an engine's declared algorithm may save.
    init(_ capabilities: Capabilities) {
        switch (capabilities.algorithm, capabilities.tile) {
        case (.direct, _): self = .none
        case (.winograd, let tile?): self = .winograd(tile: tile)
        default: self = .transform
        }
    }

    func factor(for problem: Problem) -> Double {
        let (rows, columns) = (Double(problem.filter[0]), Double(problem.filter[1]))
        switch self {
        case .none: return 1
        case .winograd(let tile):
            let (m, n) = (Double(tile.height), Double(tile.width))
            return max(1, m * rows / (m + rows - 1) * n * columns / (n + columns - 1))
        case .transform: return max(1, rows * columns)
        }
    }
}
