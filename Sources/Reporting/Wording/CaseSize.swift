internal import Conformance
internal import Convolution

/// How much of a case there is to understand: its products, then the elements of its output.
struct CaseSize: Comparable {
    let products: Int
    let elements: Int

    /// The size of a case; one without an output, which shows no number, is larger than any other.
    init(_ header: CaseHeader) {
        guard let geometry = try? header.problem.geometry() else {
            (products, elements) = (.max, .max)
            return
        }
        elements = geometry.outputShape.count
        let (products, overflow) = geometry.productsPerOutput.multipliedReportingOverflow(by: elements)
        self.products = overflow ? .max : products
    }

    static func < (first: CaseSize, second: CaseSize) -> Bool {
        (first.products, first.elements) < (second.products, second.elements)
    }

    /// `36 products, 4 elements of output`; empty where there is no output.
    var text: String {
        if self.elements == .max { return "" }
        return "\(Numbers.count(products, "product")), \(Numbers.count(elements, "element")) of output"
    }
}
