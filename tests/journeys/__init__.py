"""Journeys: what people come to do, done in headless Chromium on a real `toile demo`."""
