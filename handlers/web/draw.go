package web

import "pointstore/assets"

// What pages draw with, so that they need not know the package that draws.
type (
	Frame  = assets.Frame
	Link   = assets.Link
	Option = assets.Option
	Tick   = assets.Tick
	Step   = assets.Step
	Head   = assets.Head
	Cell   = assets.Cell
	Table  = assets.Table

	Bar          = assets.Bar
	Point        = assets.Point
	Dot          = assets.Dot
	Share        = assets.Share
	Stack        = assets.Stack
	BarChart     = assets.BarChart
	LineChart    = assets.LineChart
	StripChart   = assets.StripChart
	RingChart    = assets.RingChart
	StackedChart = assets.StackedChart
)

// The charts; see package assets.
var (
	Bars    = assets.Bars
	Line    = assets.Line
	Strip   = assets.Strip
	Ring    = assets.Ring
	Stacked = assets.Stacked
)
