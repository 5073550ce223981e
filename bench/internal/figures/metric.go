package figures

// The names of metrics that are asked for by name.
const (
	MetricRate      = "rate"
	MetricFirstP50  = "first_byte_p50"
	MetricLastP50   = "last_byte_p50"
	MetricLastP99   = "last_byte_p99"
	MetricCPU       = "cpu"
	MetricHeldPage  = "held_per_page"
	MetricBystander = "bystander_longest"
)

// A Unit says how a metric's value is written.
type Unit int

// The units.
const (
	PerSecond Unit = iota
	Milliseconds
	Microseconds
	Bytes
	Count
	InSeconds
)

// A Metric is one of the figures.
type Metric struct {
	Name  string // in JSON
	Title string // in a table
	Unit  Unit
	Of    func(*Figures) float64
}

// Metrics lists the figures that have a ratio, in the order of a table: those
// of speed first.
func Metrics() []Metric {
	return append(SpeedMetrics(), CostMetrics()...)
}

// SpeedMetrics are what a visitor feels.
func SpeedMetrics() []Metric {
	return []Metric{
		{MetricRate, "requests/s", PerSecond, func(f *Figures) float64 { return f.Rate }},
		{MetricFirstP50, "first byte", Milliseconds, func(f *Figures) float64 { return f.FirstByte.P50 }},
		{"first_byte_p95", "p95", Milliseconds, func(f *Figures) float64 { return f.FirstByte.P95 }},
		{"first_byte_p99", "p99", Milliseconds, func(f *Figures) float64 { return f.FirstByte.P99 }},
		{MetricLastP50, "last byte", Milliseconds, func(f *Figures) float64 { return f.LastByte.P50 }},
		{"last_byte_p95", "p95", Milliseconds, func(f *Figures) float64 { return f.LastByte.P95 }},
		{MetricLastP99, "p99", Milliseconds, func(f *Figures) float64 { return f.LastByte.P99 }},
	}
}

// CostMetrics are what the server and the wire pay.
func CostMetrics() []Metric {
	return []Metric{
		{"connections", "connections", Count, func(f *Figures) float64 { return float64(f.Connections) }},
		{"chunks", "chunks", Count, func(f *Figures) float64 { return f.Chunks }},
		{"wire", "on the wire", Bytes, func(f *Figures) float64 { return f.Wire }},
		{MetricCPU, "CPU", Microseconds, func(f *Figures) float64 { return f.CPU }},
		{"held", "held", Count, func(f *Figures) float64 { return f.Held }},
		{"held_most", "at most", Count, func(f *Figures) float64 { return float64(f.HeldMost) }},
	}
}

// A SlowMetric is one of the figures of slow readers.
type SlowMetric struct {
	Name  string // in JSON
	Title string // in a table
	Unit  Unit
	Of    func(*SlowFigures) float64
}

// SlowMetrics lists the figures of slow readers.
func SlowMetrics() []SlowMetric {
	return []SlowMetric{
		{"reading", "reading takes", InSeconds, func(f *SlowFigures) float64 { return f.Reading.P50 / 1000 }},
		{MetricHeldPage, "held per page", InSeconds, func(f *SlowFigures) float64 { return f.HeldPerPage }},
		{"held_most", "at most", Count, func(f *SlowFigures) float64 { return float64(f.HeldMost) }},
		{"bystander_visits", "bystander's visits", Count, func(f *SlowFigures) float64 { return float64(f.Visits) }},
		{"bystander_p50", "median", Milliseconds, func(f *SlowFigures) float64 { return f.Visit.P50 }},
		{MetricBystander, "longest", Milliseconds, func(f *SlowFigures) float64 { return f.Longest }},
	}
}
