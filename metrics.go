package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kabar-prokus/kabar/channels"
)

// metrics are what an operator watches. Labels hold channels and kinds, never people.
type metrics struct {
	reg  *prometheus.Registry
	turn *prometheus.HistogramVec
	send *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		reg: prometheus.NewRegistry(),
		turn: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kabar_turn_seconds", Help: "Time of one turn, from hand-over to commit.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 13),
		}, []string{"channel", "outcome"}),
		send: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kabar_send_seconds", Help: "Time of one call to a provider.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 13),
		}, []string{"channel", "outcome"}),
	}
	m.reg.MustRegister(m.turn, m.send, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// turns measures a handler.
func (m *metrics) turns(h channels.Handler) channels.Handler { return measured{h, m} }

type measured struct {
	channels.Handler
	m *metrics
}

func (h measured) Handle(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
	start := time.Now()
	r, err := h.Handler.Handle(ctx, in)
	outcome := "new"
	switch {
	case err != nil:
		outcome = "failed"
	case r.Repeated:
		outcome = "repeat"
	}
	h.m.turn.WithLabelValues(in.Channel, outcome).Observe(time.Since(start).Seconds())
	return r, err
}

// sends measures a sender. A sender that can be asked what became of a message stays one.
func (m *metrics) sends(s channels.Sender) channels.Sender {
	if f, ok := s.(channels.Finder); ok {
		return struct {
			measuredSender
			channels.Finder
		}{measuredSender{s, m}, f}
	}
	return measuredSender{s, m}
}

type measuredSender struct {
	channels.Sender
	m *metrics
}

func (s measuredSender) Send(ctx context.Context, out channels.Outbound) (channels.Sent, error) {
	start := time.Now()
	sent, err := s.Sender.Send(ctx, out)
	outcome := "accepted"
	if err != nil {
		kind, _ := channels.KindOf(err)
		outcome = string(kind)
	}
	s.m.send.WithLabelValues(s.Name(), outcome).Observe(time.Since(start).Seconds())
	return sent, err
}

// handler answers /metrics; the queue and the adapters' counters are asked when it is scraped.
func (m *metrics) handler(p *program) http.Handler {
	m.reg.MustRegister(&queueMetrics{p}, adapterMetrics{p}, roadMetrics{p})
	return promhttp.HandlerFor(m.reg, promhttp.HandlerOpts{})
}

// queueMetrics are how much waits and how old the oldest of it is (D32).
type queueMetrics struct{ p *program }

var (
	queued    = prometheus.NewDesc("kabar_outbox_due", "Messages that are due and have not left, by lane.", []string{"lane"}, nil)
	queuedAge = prometheus.NewDesc("kabar_outbox_oldest_seconds", "Age of the oldest due message, by lane.", []string{"lane"}, nil)
)

func (q *queueMetrics) Describe(c chan<- *prometheus.Desc) { c <- queued; c <- queuedAge }

func (q *queueMetrics) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	lanes, err := q.p.db.Queue(ctx, q.p.clock.Now())
	if err != nil {
		return // the database is down: readyz says so
	}
	for lane, l := range lanes {
		c <- prometheus.MustNewConstMetric(queued, prometheus.GaugeValue, float64(l.Due), lane)
		c <- prometheus.MustNewConstMetric(queuedAge, prometheus.GaugeValue, l.Oldest.Seconds(), lane)
	}
}

// adapterMetrics are the adapters' own counters: accepted, forged, too large …
type adapterMetrics struct{ p *program }

var inbound = prometheus.NewDesc("kabar_inbound_total", "Requests of providers by what became of them.", []string{"channel", "outcome"}, nil)

func (a adapterMetrics) Describe(c chan<- *prometheus.Desc) { c <- inbound }

func (a adapterMetrics) Collect(c chan<- prometheus.Metric) {
	put := func(channel string, counts map[string]uint64) {
		for outcome, n := range counts {
			c <- prometheus.MustNewConstMetric(inbound, prometheus.CounterValue, float64(n), channel, outcome)
		}
	}
	if a.p.twilio != nil {
		put("twilio", a.p.twilio.Counts())
	}
	if a.p.ussd != nil {
		put("ussd", a.p.ussd.Counts())
	}
	if a.p.smsgate != nil {
		put("smsgate", a.p.smsgate.Counts())
	}
	for _, g := range a.p.gateways {
		put(g.Name(), g.Counts())
	}
	if a.p.smpp != nil {
		put("smpp", a.p.smpp.Counts())
	}
}

// roadMetrics are what waits for a sender and what is broken, as all replicas share it.
type roadMetrics struct{ p *program }

var (
	roadWaiting = prometheus.NewDesc("kabar_channel_waiting", "Messages that wait for a sender.", []string{"channel"}, nil)
	roadOutage  = prometheus.NewDesc("kabar_outage_open", "Outages that last.", []string{"channel", "reason"}, nil)
)

func (r roadMetrics) Describe(c chan<- *prometheus.Desc) { c <- roadWaiting; c <- roadOutage }

func (r roadMetrics) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	waiting, outages, err := r.p.db.RoadFigures(ctx)
	if err != nil {
		return // the database is down: readyz says so
	}
	for channel, n := range waiting {
		c <- prometheus.MustNewConstMetric(roadWaiting, prometheus.GaugeValue, float64(n), channel)
	}
	for o, n := range outages {
		c <- prometheus.MustNewConstMetric(roadOutage, prometheus.GaugeValue, float64(n), o[0], o[1])
	}
}
