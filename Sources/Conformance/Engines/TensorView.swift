/// How a tensor lies within other memory, as a view of it that strides describe.
public enum TensorView: String, Hashable, Sendable, CaseIterable {
    /// Its elements fill its memory.
    case dense
    /// Each row of an image, or of a kernel, has a few elements behind it that are not the tensor's.
    case paddedRows = "padded-rows"
    /// It lies inside of larger images, or kernels, and begins behind some of their rows and columns.
    case offset
    /// Its images lie in the opposite order: the distance from one to the next is below 0. A filter and a bias have none.
    case reversedBatch = "reversed-batch"

    /// How it lies, in words that follow "tensors".
    public var phrase: String {
        switch self {
        case .dense: "that are dense"
        case .paddedRows: "with padded rows"
        case .offset: "inside of larger ones"
        case .reversedBatch: "whose batch is reversed"
        }
    }
}
